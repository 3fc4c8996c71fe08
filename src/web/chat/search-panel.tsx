/**
 * Search in the messages: of the room that is open, or of all one may read. What is typed is asked for after a short
 * rest; hits come by the page, the newest first. Following one shows the message in its place.
 */
import './search-panel.css';
import { SearchX } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { SearchHit } from '../../protocol/index.ts';
import { roomHref } from '../app/router.ts';
import { dateTimeOf } from '../i18n/dates.ts';
import { localeOf } from '../i18n/index.ts';
import { useCell } from '../store/cell.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/check.tsx';
import { useReason } from '../ui/problem.tsx';
import { PersonAvatar } from './person-avatar.tsx';
import { titleOf } from './room-title.ts';
import { SearchFilters } from './search-filters.tsx';
import { piecesOf, queryOf, roomInQuery } from './search-query.ts';
import { searchAsked } from './search-state.ts';
import { PanelFrame, type PanelProps } from './side-panel-frame.tsx';
import { goFromPanel } from './side-panel-state.ts';
import { useSearch } from './use-search.ts';

const Hit = ({ hit }: { readonly hit: SearchHit }) => {
  const { t, i18n } = useTranslation();
  const store = useStore();
  const { message, ranges, roomName } = hit;
  const room = useChat((state) => state.directory.rooms.get(message.room));
  const place = useChat((state) => (room ? titleOf(room, state.directory.users, state.you?.id ?? '') : `#${roomName}`));
  const author = useChat((state) => state.directory.users.get(message.by)?.name ?? message.name);
  const when = dateTimeOf(message.at, localeOf(i18n.language));
  const go = () => {
    if (!room) return;
    goFromPanel(roomHref(room));
    store.jumpTo(room.id, message.index);
  };
  return (
    <li>
      <button type="button" className="search-hit" onClick={go} disabled={!room}>
        <span className="search-hit-head">
          <PersonAvatar id={message.by} name={message.name} size={22} />
          <span className="search-hit-author">{author}</span>
          <span className="search-hit-place">{place}</span>
        </span>
        <span className="search-hit-text">
          {piecesOf(message.text, ranges).map((piece, at) => {
            // Pieces have no name of their own, and never change their places.
            const key = `${at} ${piece.text}`;
            return piece.hit ? <mark key={key}>{piece.text}</mark> : <span key={key}>{piece.text}</span>;
          })}
          {message.files?.map((file) => (
            <span key={file.id} className="search-hit-file">
              {file.name}
            </span>
          ))}
        </span>
        <time className="search-hit-when" dateTime={new Date(message.at).toISOString()}>
          {when}
        </time>
        <span className="hidden-visually">{t('search.show')}</span>
      </button>
    </li>
  );
};

export const SearchPanel = ({ room }: PanelProps) => {
  const { t } = useTranslation();
  const reason = useReason();
  const asked = useCell(searchAsked);
  const title = useChat((state) => titleOf(room, state.directory.users, state.you?.id ?? ''));
  const query = queryOf(asked.text, asked.where === 'here' ? roomInQuery(room) : null);
  const { hits, state, code, more, loadMore, again } = useSearch(query);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLElement>(null);

  // The panel opens to be typed into; and again when it is asked for while it is open.
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);

  const setText = (text: string) => searchAsked.set({ ...searchAsked.get(), text });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('.search-hit') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = at + (event.key === 'ArrowDown' ? 1 : -1);
    event.preventDefault();
    if (next < 0) field.current?.focus();
    else buttons[Math.min(next, buttons.length - 1)]?.focus();
  };

  const empty = query === '';
  return (
    <PanelFrame title={t('search.title')} hide={t('search.hide')}>
      <search className="search" onKeyDown={onKeyDown}>
        <div className="search-ask">
          <input
            ref={field}
            className="field-input"
            type="text"
            enterKeyHint="search"
            aria-label={t('search.find')}
            placeholder={t('search.find')}
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            data-search
            value={asked.text}
            onChange={(event) => setText(event.target.value)}
          />
          <Choice
            title={t('search.where')}
            value={asked.where}
            options={[
              { value: 'here', text: title },
              { value: 'everywhere', text: t('search.everywhere') },
            ]}
            onChange={(where) => searchAsked.set({ ...asked, where })}
          />
          <SearchFilters
            text={asked.text}
            onChange={(text) => {
              setText(text);
              field.current?.focus();
            }}
          />
        </div>
        <section className="search-hits scroll" ref={list} aria-label={t('search.hits')} aria-busy={state === 'asking'}>
          <p className="search-said" role="status">
            {state === 'found' && hits.length > 0 ? t('search.found', { count: hits.length }) : null}
            {state === 'asking' && hits.length === 0 ? t('search.asking') : null}
            {state === 'found' && hits.length === 0 ? t('search.none') : null}
          </p>
          {empty ? <p className="search-hint">{t('search.hint')}</p> : null}
          {state === 'found' && hits.length === 0 ? (
            <div className="search-none">
              <SearchX size={28} aria-hidden="true" />
              <p>{asked.where === 'here' ? t('search.tryEverywhere') : t('search.tryOther')}</p>
              {asked.where === 'here' ? (
                <Button look="quiet" small onPress={() => searchAsked.set({ ...asked, where: 'everywhere' })}>
                  {t('search.everywhere')}
                </Button>
              ) : null}
            </div>
          ) : null}
          {code ? (
            <div className="search-none" role="alert">
              <p>{reason(code)}</p>
              {code === 'bad-query' ? null : (
                <Button look="quiet" small onPress={again}>
                  {t('common.retry')}
                </Button>
              )}
            </div>
          ) : null}
          <ul>
            {hits.map((hit) => (
              <Hit key={hit.message.id} hit={hit} />
            ))}
          </ul>
          {more ? (
            <div className="search-more">
              <Button look="quiet" small busy={state === 'asking'} onPress={loadMore}>
                {t('search.more')}
              </Button>
            </div>
          ) : null}
        </section>
      </search>
    </PanelFrame>
  );
};
