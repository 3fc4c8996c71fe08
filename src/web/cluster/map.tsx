/** The map on the page: gives the view its size, its words and what there is to show, and hears what is done on it. */
import './map.css';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStill } from '../app/media.ts';
import { useChat } from '../store/hooks.ts';
import { useCluster, useClusterStore, useNumber } from './hooks.ts';
import { heightFor } from './map-geometry.ts';
import { MapLegend } from './map-legend.tsx';
import { sceneOf } from './map-scene.ts';
import { type Traffic, TrafficSample } from './map-traffic.ts';
import { MapView, type PlacesCell } from './map-view.ts';
import type { MapWords } from './map-words.ts';
import type { ClusterModel } from './model.ts';

const useWords = (): MapWords => {
  const { t } = useTranslation('cluster');
  const number = useNumber();
  return useMemo(
    () => ({
      node: (node) =>
        [
          t('map.node', { name: node.name, role: t(`conditions.${node.condition}`) }),
          node.oldEpoch === null ? null : t('map.epoch', { epoch: node.oldEpoch }),
          t('map.clients', { count: node.clients, number: number(node.clients) }),
          node.here ? t('map.here') : null,
          node.cutOff ? t('map.cutOff') : null,
          node.slowLinkMs > 0 ? t('map.slowLink', { number: number(node.slowLinkMs) }) : null,
          node.slowDiskMs > 0 ? t('map.slowDisk', { number: number(node.slowDiskMs) }) : null,
        ]
          .filter((part) => part !== null)
          .join(', '),
      role: (node) => {
        const role = t(`conditions.${node.condition}`);
        return node.oldEpoch === null ? role : `${role} · ${t('map.epoch', { epoch: node.oldEpoch })}`;
      },
      note: (node) => {
        if (node.fetched !== null) return t('map.fetched', { number: number(Math.floor(node.fetched * 100)) });
        if (node.cutOff) return t('map.cutOff');
        if (node.slowDiskMs > 0) return t('map.slowDisk', { number: number(node.slowDiskMs) });
        if (node.slowLinkMs > 0) return t('map.slowLink', { number: number(node.slowLinkMs) });
        const lag = node.condition === 'primary' ? 0 : (node.strip?.lag ?? 0);
        return lag === 0 ? '' : t('map.lag', { count: lag, number: number(lag) });
      },
      moreClients: (count) => t('map.moreClients', { number: number(count) }),
      rate: (perSecond) => t('map.rate', { number: number(perSecond) }),
    }),
    [t, number],
  );
};

/** Messages on the link between two servers in the last second. */
const rateOn =
  ({ flows }: ClusterModel) =>
  (a: string, b: string): number =>
    flows
      .flatMap((one) => one.flows)
      .filter(({ from, to }) => (from === a && to === b) || (from === b && to === a))
      .reduce((sum, { count }) => sum + count, 0);

const Epoch = () => {
  const { t } = useTranslation('cluster');
  const epoch = useCluster(({ shown }) => shown.topology?.epoch ?? null);
  const choosing = useCluster(({ shown }) => shown.topology !== null && shown.topology.primary === null);
  if (epoch === null) return null;
  return (
    <p className="map-epoch" data-choosing={choosing || undefined}>
      <span>{t('map.epochTitle')}</span>
      <strong key={epoch}>{epoch}</strong>
      {choosing ? <span className="map-choosing">{t('map.choosing')}</span> : null}
    </p>
  );
};

const trafficEveryMs = 500;

export const ClusterMap = ({ places }: { readonly places: PlacesCell }) => {
  const { t } = useTranslation('cluster');
  const store = useClusterStore();
  const here = useChat((state) => (state.link.where.kind === 'on' ? state.link.where.server : null));
  const words = useWords();
  const still = useStill();
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const [traffic, setTraffic] = useState<Traffic>({ oneOf: 1, perSecond: 0 });

  useEffect(() => {
    const [element, frame] = [svg.current!, box.current!];
    const sizeOf = (width: number) => ({ width, height: heightFor(width) });
    const size = sizeOf(frame.clientWidth);
    element.setAttribute('height', String(size.height));
    const sample = new TrafficSample();
    const view = new MapView(element, size, {
      words,
      still,
      places,
      onSelect: (name) => store.select(name === store.state.selected ? null : name),
      onOpen: (name) => {
        if (name === store.state.selected) document.querySelector<HTMLElement>('[data-details] h2')?.focus();
        else store.select(name);
      },
    });
    let drawn: unknown = null;
    let waiting = 0;
    const draw = () => {
      waiting = 0;
      const { shown, selected, at } = store.state;
      view.draw(sceneOf(shown, selected, here));
      if (at !== null) view.still();
      if (still) view.rates(rateOn(shown));
      drawn = store.state;
    };
    /** Once a frame, however often something changes. */
    const drawSoon = () => {
      if (drawn !== store.state && waiting === 0) waiting = requestAnimationFrame(draw);
    };
    const stops = [
      store.subscribe(drawSoon),
      store.onNews(({ flows = [] }) => {
        const movers = sample.hear(performance.now(), flows);
        if (!still && store.state.at === null) view.move(movers);
      }),
    ];
    const resized = new ResizeObserver(() => {
      const now = sizeOf(frame.clientWidth);
      element.setAttribute('height', String(now.height));
      view.resize(now);
    });
    resized.observe(frame);
    const timer = setInterval(() => {
      sample.pass(performance.now());
      const now = sample.traffic;
      setTraffic((before) => (before.oneOf === now.oneOf && before.perSecond === now.perSecond ? before : now));
    }, trafficEveryMs);
    draw();
    return () => {
      for (const stop of stops) stop();
      cancelAnimationFrame(waiting);
      clearInterval(timer);
      resized.disconnect();
      view.destroy();
    };
  }, [store, words, still, here, places]);

  return (
    <div className="map">
      <div className="map-frame" ref={box}>
        <Epoch />
        <svg ref={svg} className="map-svg" width="100%" aria-label={t('map.label')} aria-describedby="map-keys" />
      </div>
      <p className="hidden-visually" id="map-keys">
        {t('map.keys')}
      </p>
      <MapLegend traffic={traffic} still={still} />
    </div>
  );
};
