/**
 * The link that repeats a run: what was set, as a query of the experiment's address, in the words of the command line
 * (`--loss 0.3 --latency 50-250`). Read leniently: what is missing is as the experiment begins, what is wrong stands in
 * the form and is told there. Pure.
 */
import { type Form, formOf, numberIn, type Setup, startForm } from './experiment-form.ts';
import { type ExperimentNumber, type Field, fieldsOf, percentOf } from './experiment-kinds.ts';

/** Names in the address of those fields that stand there as they are. */
const plain: readonly (readonly [Field, string])[] = [
  ['seed', 'seed'],
  ['messages', 'messages'],
  ['retries', 'retries'],
  ['timeout', 'timeout'],
  ['window', 'window'],
  ['threads', 'threads'],
  ['perSecond', 'perSecond'],
  ['seconds', 'seconds'],
  ['killAfter', 'killAfter'],
];

export const experimentPath = (experiment: ExperimentNumber): string => `/lab/experiments/${experiment}`;

/** Loss as a planted model has it, 0 to 1; null when theory is the right one. */
export type Planted = number | null;

/** The address, without its host, at which everything is filled in as it was. */
export const linkOf = (setup: Setup, planted: Planted = null): string => {
  const form = formOf(setup);
  const query = new URLSearchParams();
  for (const [field, name] of plain) {
    const value = form[field];
    if (value !== undefined) query.set(name, value);
  }
  if (setup.kind === 'links') {
    const { loss, latencyMinMs, latencyMaxMs } = setup.change;
    if (loss !== undefined) query.set('loss', String(loss));
    if (form.latencyMin !== undefined) query.set('latency', `${latencyMinMs}-${latencyMaxMs}`);
    if (planted !== null) query.set('against', String(planted));
  }
  return `${experimentPath(setup.experiment)}?${query}`;
};

/** A share as the address has it, in percent as the form has it; what is no number stays what it is. */
const percentIn = (text: string): string => {
  const share = numberIn(text);
  return Number.isNaN(share) ? text : String(percentOf(share));
};

/** Whether a query asks for a run at all. */
export const asksForRun = (search: string): boolean => new URLSearchParams(search).size > 0;

/** The form that an address asks for. `seed` is for when it names none. */
export const formIn = (experiment: ExperimentNumber, search: string, seed: number): Form => {
  const query = new URLSearchParams(search);
  const asked: Partial<Record<Field, string>> = {};
  for (const [field, name] of plain) {
    const value = query.get(name);
    if (value !== null) asked[field] = value;
  }
  const loss = query.get('loss');
  if (loss !== null) asked.loss = percentIn(loss);
  const latency = query.get('latency');
  if (latency !== null) {
    const [from = '', to = from] = latency.split('-');
    asked.latencyMin = from;
    asked.latencyMax = to;
  }
  const start = startForm(experiment, seed);
  return Object.fromEntries(fieldsOf(experiment).map((field) => [field, asked[field] ?? start[field] ?? '']));
};

/** The planted model that an address asks for. */
export const plantedIn = (search: string): Planted => {
  const against = numberIn(new URLSearchParams(search).get('against') ?? '');
  return against >= 0 && against <= 1 ? against : null;
};
