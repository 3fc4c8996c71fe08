/** The lab, live: nodes, dials, and what becomes of the messages. */
import './live-view.css';
import { scrollable } from '../ui/scrollable.ts';
import { Metrics } from './metrics.tsx';

export const LiveView = () => (
  <div className="lab-body" {...scrollable}>
    <Metrics />
  </div>
);
