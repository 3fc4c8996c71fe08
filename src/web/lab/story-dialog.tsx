/** The inspector: everything that happened to one message, as a picture and as a table. Asked for again until it is over. */
import './story.css';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { LabStory } from '../../protocol/index.ts';
import { useCell } from '../store/cell.ts';
import { Modal } from '../ui/modal.tsx';
import { scrollable } from '../ui/scrollable.ts';
import { ChartTable } from './chart-table.tsx';
import { useFormats } from './formats.ts';
import { useLab, useLabStore } from './hooks.ts';
import { Refused } from './refused.tsx';
import { closeStory, openedStory } from './story-open.ts';
import { StoryPicture } from './story-picture.tsx';

const againMs = 700;
const againMax = 60;

/** The attempts as rows, in the order of their sending. */
const useTable = (story: LabStory) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  const since = (at: number | null): string => formats.ms(at === null ? null : at - story.sentAtMs);
  const columns = (['attempt', 'to', 'sent', 'arrived', 'ack'] as const).map((column) => t(`story.columns.${column}`));
  const rows = story.attempts.map(({ attempt, node, sentAtMs, data, arrivedAtMs, isCopy, ack, ackArrivedAtMs }) => [
    `${attempt + 1}`,
    story.names[node] ?? node,
    since(sentAtMs),
    data.lost
      ? t('story.wasLost')
      : arrivedAtMs === null
        ? t('story.underWay')
        : since(arrivedAtMs) + (isCopy ? ` ${t('story.isCopy')}` : ''),
    ack === null ? formats.ms(null) : ack.lost ? t('story.ackLost') : since(ackArrivedAtMs),
  ]);
  return { columns, rows };
};

/** The story in one sentence: the picture’s words. */
const useSummary = (story: LabStory): string => {
  const { t } = useTranslation('lab');
  const { attempts } = story;
  const arrived = new Set(attempts.filter(({ arrivedAtMs }) => arrivedAtMs !== null).map(({ node }) => node)).size;
  return t('story.summary', {
    from: story.names[story.from] ?? story.from,
    method: t(`methods.${story.method}`),
    attempts: attempts.length,
    lost: attempts.filter(({ data }) => data.lost).length,
    acksLost: attempts.filter(({ ack }) => ack?.lost).length,
    copies: attempts.filter(({ isCopy }) => isCopy).length,
    arrived,
    of: story.nodes.length,
  });
};

const Story = ({ story }: { readonly story: LabStory }) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  const summary = useSummary(story);
  const { loss, latencyMinMs, latencyMaxMs, maxRetries, ackTimeoutMs } = story.settings;
  return (
    <>
      <p className="lab-note">{summary}</p>
      {story.text === '' ? null : <blockquote className="story-text">{story.text}</blockquote>}
      <p className="lab-faint">
        {t('run.settings', {
          loss: formats.share(loss),
          from: formats.ms(latencyMinMs),
          to: formats.ms(latencyMaxMs),
          retries: maxRetries,
          timeout: formats.ms(ackTimeoutMs),
        })}
      </p>
      <StoryPicture story={story} summary={summary} />
      <div className="lab-scroll-x story-table" {...scrollable}>
        <ChartTable caption={t('story.title', { message: `#${story.message}` })} {...useTable(story)} />
      </div>
    </>
  );
};

const StoryModal = ({ message }: { readonly message: number }) => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  const known = useLab((state) => state.model.story);
  const refused = useLab((state) => state.refusals.story !== undefined);
  const story = known?.message === message ? known : null;
  const over = story !== null && story.endedAtMs !== null;
  useEffect(() => {
    if (over || refused) return;
    store.say('story', { what: 'story', message });
    let left = againMax;
    const timer = setInterval(() => {
      left -= 1;
      if (left > 0) store.say('story', { what: 'story', message });
      else clearInterval(timer);
    }, againMs);
    return () => clearInterval(timer);
  }, [store, message, over, refused]);
  useEffect(() => () => store.forgive('story'), [store]);
  return (
    <Modal title={t('story.title', { message: `#${message}` })} onClose={closeStory}>
      <div className="story">
        <Refused scope="story" />
        {story ? <Story story={story} /> : null}
      </div>
    </Modal>
  );
};

export const StoryDialog = () => {
  const message = useCell(openedStory);
  return message === null ? null : <StoryModal key={message} message={message} />;
};
