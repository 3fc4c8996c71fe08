/** The files of the message that is being written, above where it is written: how far each is, and what can be done. */
import './attachment-tray.css';
import { Check, Pause, Play, RotateCcw, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../client/index.ts';
import { useDesk } from '../chat/message-desk.ts';
import { localeOf } from '../i18n/index.ts';
import { sizeOf } from '../i18n/sizes.ts';
import { IconButton } from '../ui/button.tsx';
import type { Attachment, Attachments } from './attachments.ts';
import { FileIcon } from './file-icon.tsx';
import { useAttachments } from './use-attachments.ts';

interface CardProps {
  readonly one: Attachment;
  readonly room: string;
  readonly attachments: Attachments;
}

const AttachmentCard = ({ one, room, attachments }: CardProps) => {
  const { t, i18n } = useTranslation();
  const locale = localeOf(i18n.language);
  const { file, state, sent, key } = one;
  const share = file.size === 0 ? (state === 'done' ? 1 : 0) : sent / file.size;
  const name = file.name;
  const words = () => {
    if (state === 'failed') return t(`errors.${one.code ?? 'internal'}`, { count: limits.messageFilesMax });
    if (state === 'done') return sizeOf(file.size, locale);
    if (state === 'waiting') return t('files.waiting');
    if (state === 'paused') return t('files.paused', { done: sizeOf(sent, locale), of: sizeOf(file.size, locale) });
    if (one.isSearching) return t('files.searching');
    if (sent >= file.size) return t('files.checking');
    return t('files.progress', { done: sizeOf(sent, locale), of: sizeOf(file.size, locale) });
  };
  return (
    <li className="attachment" data-state={state}>
      <span className="attachment-picture">
        {one.preview ? <img src={one.preview} alt="" /> : <FileIcon type={file.type} name={name} />}
        {state === 'done' ? <Check className="attachment-mark" size={14} aria-hidden="true" /> : null}
      </span>
      <span className="attachment-words">
        <span className="attachment-name" title={name}>
          {name}
        </span>
        <span className="attachment-about" role={state === 'failed' ? 'alert' : undefined}>
          {words()}
        </span>
        {state === 'done' || state === 'failed' ? null : (
          <progress
            className="attachment-progress"
            max={1}
            value={share}
            aria-label={t('files.uploading', { name })}
            data-searching={one.isSearching || undefined}
          />
        )}
      </span>
      {state === 'uploading' || state === 'waiting' ? (
        <IconButton label={t('files.pause', { name })} onPress={() => attachments.pause(room, key)}>
          <Pause size={17} aria-hidden="true" />
        </IconButton>
      ) : null}
      {state === 'paused' ? (
        <IconButton label={t('files.resume', { name })} onPress={() => attachments.resume(room, key)}>
          <Play size={17} aria-hidden="true" />
        </IconButton>
      ) : null}
      {state === 'failed' && one.code !== 'file-too-large' ? (
        <IconButton label={t('files.retry', { name })} onPress={() => attachments.resume(room, key)}>
          <RotateCcw size={17} aria-hidden="true" />
        </IconButton>
      ) : null}
      <IconButton label={t('files.remove', { name })} onPress={() => attachments.remove(room, key)}>
        <X size={17} aria-hidden="true" />
      </IconButton>
    </li>
  );
};

/** Nothing while nothing is attached. */
export const AttachmentTray = ({ room }: { readonly room: string }) => {
  const { t } = useTranslation();
  const [{ list, armed }, attachments] = useAttachments(room);
  const desk = useDesk();
  if (list.length === 0) return null;
  const takeBack = () => {
    const taken = attachments.disarm(room);
    if (taken) desk.takeBack(taken);
  };
  return (
    <section className="attachments" aria-label={t('files.attached', { count: list.length })}>
      {armed ? (
        <p className="attachments-armed" role="status">
          <span>
            {t('files.armed')}
            {armed.text ? <q>{armed.text}</q> : null}
          </span>
          <button type="button" className="button button-bare" onClick={takeBack}>
            {t('files.disarm')}
          </button>
        </p>
      ) : null}
      <ul className="attachments-list">
        {list.map((one) => (
          <AttachmentCard key={one.key} one={one} room={room} attachments={attachments} />
        ))}
      </ul>
    </section>
  );
};
