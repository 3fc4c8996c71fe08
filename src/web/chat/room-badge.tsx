import { useTranslation } from 'react-i18next';
import type { Room } from '../../client/index.ts';
import { unreadMax } from '../store/directory.ts';

const shownOf = (count: number, language: string): string => {
  const many = count >= unreadMax;
  const shown = new Intl.NumberFormat(language).format(many ? unreadMax - 1 : count);
  return many ? `${shown}+` : shown;
};

/**
 * What waits in a room: a filled mark, with an @ before it, for what is meant for this person; an outlined one for the
 * rest. A muted room shows the first only.
 */
export const RoomBadge = ({ room }: { readonly room: Room }) => {
  const { t, i18n } = useTranslation();
  const { unread, mentions } = room;
  const direct = room.access === 'direct';
  const forYou = direct ? unread : mentions;
  const quiet = room.notify === 'none';
  if (forYou === 0 && (unread === 0 || quiet)) return null;
  return (
    <>
      {forYou > 0 ? (
        <span className="badge" data-for-you aria-hidden="true">
          {direct ? '' : '@'}
          {shownOf(forYou, i18n.language)}
        </span>
      ) : (
        <span className="badge" aria-hidden="true">
          {shownOf(unread, i18n.language)}
        </span>
      )}
      <span className="hidden-visually">
        {t('rooms.unread', { count: unread })}
        {mentions > 0 ? `, ${t('rooms.mentions', { count: mentions })}` : null}
      </span>
    </>
  );
};
