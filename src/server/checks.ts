/** Checks of what comes in against the protocol's schemas, and what to say when something does not fit. */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { type ClientCommandKind, type ErrorCode, EstafetError } from '../protocol/index.ts';
import { clientCommands } from '../protocol/schemas.ts';

type Complaint = ReturnType<ReturnType<typeof Compile>['Errors']>[number];

/** By a field's name, the code that says it is too long, too short or too many. */
export type LengthCodes = Readonly<Record<string, ErrorCode>>;

const inEveryBody: LengthCodes = { text: 'text-too-long' };

const byKind: { readonly [K in ClientCommandKind]?: LengthCodes } = {
  'room.create': { name: 'room-name-invalid' },
  'room.edit': { name: 'room-name-invalid' },
  'profile.edit': { name: 'name-invalid' },
  'message.post': { files: 'too-many-files' },
  'message.react': { emoji: 'emoji-invalid' },
};

/** The codes for the fields of a command's body, wherever they come from. */
export const lengthCodesOf = (kind: ClientCommandKind): LengthCodes => byKind[kind] ?? {};

const lengths: ReadonlySet<string> = new Set(['maxLength', 'minLength', 'maxItems']);

/** A field's own code, where there is a better one than that the shape is wrong. */
const codeOf = (path: string, keyword: string, codes: LengthCodes, otherwise: ErrorCode): ErrorCode => {
  if (path === '/id' && keyword === 'pattern') return 'bad-id';
  const field = path.slice(1);
  return (lengths.has(keyword) ? (codes[field] ?? inEveryBody[field]) : undefined) ?? otherwise;
};

const sentence = (complaints: readonly Complaint[]): string => {
  const foreign = complaints.find(({ keyword }) => keyword === 'additionalProperties');
  const first = complaints[0];
  if (foreign !== undefined && 'additionalProperties' in foreign.params) {
    return `${foreign.params.additionalProperties.join(', ')}: is not known here`;
  }
  if (first === undefined) return 'does not fit';
  if (first.keyword === 'required') return `${first.params.requiredProperties.join(', ')}: is missing`;
  const field = first.instancePath.slice(1).replaceAll('/', '.') || 'the body';
  const choices = complaints.flatMap((one) =>
    one.keyword === 'const' && one.instancePath === first.instancePath ? [String(one.params.allowedValue)] : [],
  );
  if (choices.length > 0) return `${field}: must be ${choices.join(' or ')}`;
  return `${field}: ${first.message}`;
};

/** A check of a schema: gives the value back, or throws an `EstafetError` that names the field. */
export type Check<T> = (value: unknown) => T;

/** How a check says what does not fit. */
interface CheckOptions {
  /** What it says unless there is something better to say. */
  readonly code?: ErrorCode;
  readonly codes?: LengthCodes;
  /** Strings become numbers where numbers are asked for: in addresses. */
  readonly convert?: boolean;
}

/** Makes the check of a schema. */
export const checkOf = <S extends TSchema>(
  schema: S,
  { code: otherwise = 'bad-request', codes = {}, convert = false }: CheckOptions = {},
): Check<Static<S>> => {
  const validator = Compile(schema);
  return (given) => {
    const value = convert ? validator.Convert(given) : given;
    if (validator.Check(value)) return value as Static<S>;
    const complaints = validator.Errors(value);
    const first = complaints[0];
    const code = codeOf(first?.instancePath ?? '', first?.keyword ?? '', codes, otherwise);
    throw new EstafetError(code, `${sentence(complaints)}.`);
  };
};

/** Reads other servers' casts of a schema: null for what another version of this program may mean by them. */
export const castOf = <S extends TSchema>(schema: S): ((body: Uint8Array) => Static<S> | null) => {
  const check = checkOf(schema);
  return (body) => {
    try {
      return check(JSON.parse(Buffer.from(body).toString()));
    } catch {
      return null;
    }
  };
};

const bodyChecks = new Map<string, Check<unknown>>(
  Object.entries(clientCommands).map(([kind, schema]) => [
    kind,
    checkOf(schema, { codes: lengthCodesOf(kind as ClientCommandKind) }),
  ]),
);

/** Checks a client's command body. Throws `unknown-command` for a kind that clients have not. */
export const checkCommandBody = (kind: string, body: unknown): unknown => {
  const check = bodyChecks.get(kind);
  if (check === undefined)
    throw new EstafetError('unknown-command', `There is no command of kind ${kind.slice(0, 40)}.`);
  return check(body);
};
