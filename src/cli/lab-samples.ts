/** `estafet lab samples`: how many messages it takes to know a share so exactly, or to tell two shares apart. */
import { Refusal } from '../cluster/supervisor/index.ts';
import { samplesForError, samplesToTell } from '../lab/index.ts';

export interface LabSamplesOptions {
  readonly error?: number;
  readonly share: number;
  readonly tell?: readonly number[];
  readonly json?: boolean;
}

/** The search for how many tell two shares apart ends here. */
const most = 20_000;

const percent = (share: number): string => `${Number((share * 100).toFixed(4))} %`;

/** Prints it. */
export const runLabSamples = ({ error, share, tell, json = false }: LabSamplesOptions): void => {
  if ((error === undefined) === (tell === undefined)) {
    throw new Refusal('usage', 'Say how exactly (--error 0.05), or which two shares to tell apart (--tell 0.9,0.99).');
  }
  const [one, other, ...more] = tell ?? [];
  if (tell !== undefined && (one === undefined || other === undefined || more.length > 0 || one === other)) {
    throw new Refusal('usage', '--tell takes two different shares, as in 0.9,0.99.');
  }
  const isError = error !== undefined;
  const messages = isError ? samplesForError(error, share) : samplesToTell(one!, other!, 0.95, 0.95, most);
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ ...(isError ? { error, share } : { tell }), confidence: 0.95, messages })}\n`,
    );
    return;
  }
  const what = isError
    ? `know a share near ${percent(share)} to ± ${percent(error)}`
    : `tell ${percent(one!)} from ${percent(other!)}`;
  const count = messages === null ? `more than ${most.toLocaleString('en')}` : messages.toLocaleString('en');
  process.stdout.write(`To ${what} takes ${count} messages, at 95 %.\n`);
};
