/** From a row of the model to what is drawn, and only when it changed. */
import './timeline-row.css';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../../client/index.ts';
import { dayName } from '../i18n/dates.ts';
import { localeOf } from '../i18n/index.ts';
import { dayOf, type Row } from '../store/rows.ts';
import { MessageRow } from './message-row.tsx';
import { PendingRow } from './pending-row.tsx';
import { RoomIcon } from './room-icon.tsx';
import { useRoomTitle } from './room-title.ts';

interface TimelineRowProps {
  readonly row: Row;
  readonly room: Room;
  readonly you: string;
  readonly mayWrite: boolean;
  readonly readers: string;
  readonly marked: boolean;
}

const StartRow = ({ room }: { readonly room: Room }) => {
  const { t } = useTranslation();
  const title = useRoomTitle(room);
  return (
    <div className="row-start">
      <span className="row-start-mark">
        <RoomIcon room={room} size={28} />
      </span>
      <h2 className="row-start-title">{title}</h2>
      <p className="row-start-about">{t(`room.starts.${room.access}`)}</p>
    </div>
  );
};

const DayRow = ({ at }: { readonly at: number }) => {
  const { i18n } = useTranslation();
  return <h2 className="row-line">{dayName(at, dayOf(Date.now()), localeOf(i18n.language))}</h2>;
};

const NewRow = () => {
  const { t } = useTranslation();
  return <h2 className="row-line row-line-new">{t('room.new')}</h2>;
};

/** One row of the list. */
export const TimelineRow = memo(
  ({ row, room, ...rest }: TimelineRowProps) => {
    if (row.kind === 'start') return <StartRow room={room} />;
    if (row.kind === 'day') return <DayRow at={row.at} />;
    if (row.kind === 'new') return <NewRow />;
    if (row.kind === 'pending') return <PendingRow row={row} room={room.id} />;
    return <MessageRow row={row} {...rest} />;
  },
  (a, b) =>
    sameRow(a.row, b.row) &&
    a.you === b.you &&
    a.mayWrite === b.mayWrite &&
    a.readers === b.readers &&
    a.marked === b.marked &&
    sameRoom(a, b),
);

/** The room itself is shown by the first row only. */
const sameRoom = (a: TimelineRowProps, b: TimelineRowProps): boolean =>
  a.room === b.room || (a.room.id === b.room.id && (a.row.kind !== 'start' || a.room.name === b.room.name));

/** Rows are made anew for every change; what they are made of is not. */
const sameRow = (a: Row, b: Row): boolean => {
  if (a === b) return true;
  if (a.key !== b.key || a.kind !== b.kind) return false;
  if (a.kind === 'message' && b.kind === 'message') {
    return a.message === b.message && a.first === b.first && a.stored === b.stored;
  }
  if (a.kind === 'pending' && b.kind === 'pending') return a.message === b.message && a.first === b.first;
  return true;
};
