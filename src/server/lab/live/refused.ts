/** Why the lab does not do what was said. Thrown where it is found out, told to whoever said it. */
import type { LabDialProblem, LabRefusal } from '../../../protocol/index.ts';

export class Refused extends Error {
  readonly code: LabRefusal;
  readonly problems: readonly LabDialProblem[];

  constructor(code: LabRefusal, problems: readonly LabDialProblem[] = []) {
    super(code);
    this.code = code;
    this.problems = problems;
  }
}
