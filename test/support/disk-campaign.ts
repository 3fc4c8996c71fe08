/** Which calls fail in a run over all of them, and the run itself; used by the tests and by `npm run disk`. */
import { type CaseResult, type Part, runCase } from './disk-case.ts';
import { type DiskError, type Fault, type FaultKind, faultKinds } from './disk-faults.ts';

export const parts: readonly Part[] = ['primary', 'backup'];

export interface DiskCase {
  readonly part: Part;
  readonly fault: Fault;
}

/** Full and broken disks in turn; a sync fails on a broken one, a file on a full one. */
const errorOf = (kind: FaultKind, nth: number): DiskError => {
  if (kind === 'sync') return 'EIO';
  return nth % 2 === 0 ? 'EIO' : 'ENOSPC';
};

/** The case in which the `nth` call of its kind fails. */
export const diskCase = (part: Part, kind: FaultKind, nth: number, forGood: boolean): DiskCase => ({
  part,
  fault: { kind, nth, forGood, error: errorOf(kind, nth) },
});

/** A case in one line. */
export const nameOf = ({ part, fault: { kind, nth, forGood, error } }: DiskCase): string =>
  `${part}, ${kind} ${nth}, ${forGood ? 'for good' : 'once'}, ${error}`;

/** Runs a case; what keeps it from coming to its end is what does not hold. */
export const resultOf = async ({ part, fault }: DiskCase): Promise<CaseResult> => {
  try {
    return await runCase(part, fault.kind, fault);
  } catch (error) {
    const broken = [error instanceof Error ? error.message : String(error)];
    return { failed: null, code: null, words: '', calls: 0, broken };
  }
};

/** Every case there is: a run without a fault says how many calls of a kind a server makes, and each may fail. */
export const allCases = async (): Promise<DiskCase[]> => {
  const cases: DiskCase[] = [];
  for (const part of parts) {
    for (const kind of faultKinds) {
      const { calls, broken } = await runCase(part, kind, null);
      if (broken.length > 0) throw new Error(`Without any fault: ${broken.join('; ')}`);
      for (let nth = 1; nth <= calls; nth++) {
        for (const forGood of [false, true]) cases.push(diskCase(part, kind, nth, forGood));
      }
    }
  }
  return cases;
};
