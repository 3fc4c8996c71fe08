/** Why something was not done, for the person at the terminal: a sentence, and the exit code that says it to a script. */

/** Exit codes, as sysexits.h of BSD names them. */
export const exitCodes = {
  usage: 64,
  data: 65,
  unavailable: 69,
  software: 70,
  cannotCreate: 73,
  io: 74,
  noPermission: 77,
} as const;

/** An expected failure. The message says what is in the way and what to do; it is shown without a stack. */
export class Refusal extends Error {
  readonly exitCode: number;
  constructor(kind: keyof typeof exitCodes | number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Refusal';
    this.exitCode = typeof kind === 'number' ? kind : exitCodes[kind];
  }
}

/** The `code` of an error of the operating system (`ENOENT`, …), or an empty string. */
export const systemCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
