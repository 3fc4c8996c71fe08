/** Every file of a room, the newest first, beside the conversation. */
import './files-panel.css';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileView } from '../../client/index.ts';
import { PanelFrame, type PanelProps } from '../chat/side-panel-frame.tsx';
import { momentOf } from '../i18n/dates.ts';
import { localeOf } from '../i18n/index.ts';
import { useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { scrollable } from '../ui/scrollable.ts';
import { FileCard } from './message-files.tsx';

const pageFiles = 50;

interface RoomFile {
  readonly file: FileView;
  readonly message: string;
  readonly index: number;
  readonly by: string;
  readonly name: string;
  readonly at: number;
}

interface RoomFiles {
  readonly files: readonly RoomFile[];
  readonly next: number | null;
}

export const FilesPanel = ({ room }: PanelProps) => {
  const { t, i18n } = useTranslation();
  const store = useStore();
  const [known, setKnown] = useState<RoomFiles | null>(null);
  const [failed, setFailed] = useState(false);
  const busy = useRef(false);
  /** Something has come or gone while the list was on its way. */
  const outdated = useRef(false);
  const locale = localeOf(i18n.language);

  const load = useCallback(
    async (before: number | null, earlier: readonly RoomFile[]) => {
      if (busy.current) return;
      busy.current = true;
      const query = `limit=${pageFiles}${before === null ? '' : `&before=${before}`}`;
      try {
        const page = (await store.request(
          'GET',
          `/api/v1/rooms/${encodeURIComponent(room.id)}/files?${query}`,
        )) as RoomFiles;
        setKnown({ files: [...earlier, ...page.files], next: page.next });
        setFailed(false);
      } catch {
        setFailed(true);
      } finally {
        busy.current = false;
      }
    },
    [store, room.id],
  );

  const reload = useCallback(async () => {
    outdated.current = true;
    while (outdated.current && !busy.current) {
      outdated.current = false;
      await load(null, []);
    }
  }, [load]);

  useEffect(() => {
    void reload();
    // A file that comes or goes while the panel is open is shown, or not, at once.
    return store.listen((events) => {
      const concerns = events.some(
        (event) =>
          (event.type === 'message.posted' && event.message.room === room.id && event.message.files !== undefined) ||
          (event.type === 'message.deleted' && event.message.room === room.id),
      );
      if (concerns) void reload();
    });
  }, [reload, store, room.id]);

  return (
    <PanelFrame title={t('files.title')}>
      <section className="files-panel scroll" aria-label={t('files.title')} {...scrollable}>
        {failed ? (
          <p className="files-panel-note" role="alert">
            {t('files.listFailed')}{' '}
            <Button look="bare" onPress={() => void reload()}>
              {t('common.retry')}
            </Button>
          </p>
        ) : null}
        {known?.files.length === 0 ? <p className="files-panel-note">{t('files.none')}</p> : null}
        <ul className="files-panel-list">
          {known?.files.map(({ file, message, index, name, at }) => (
            <li key={`${message}-${file.id}`}>
              <FileCard file={file} />
              <p className="files-panel-about">
                <Button look="bare" onPress={() => store.jumpTo(room.id, index)}>
                  {t('files.from', { name, moment: momentOf(at, locale) })}
                </Button>
              </p>
            </li>
          ))}
        </ul>
        {known && known.next !== null ? (
          <Button look="quiet" small onPress={() => void load(known.next, known.files)}>
            {t('files.more')}
          </Button>
        ) : null}
      </section>
    </PanelFrame>
  );
};
