/** Checks what is said to the lab against its schemas, each compiled once. */
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { LabWordKind, LabWords } from '../../../protocol/index.ts';
import { labWords } from '../../../protocol/schemas.ts';

const checks = new Map(
  Object.entries(labWords as Readonly<Record<string, TSchema>>).map(([kind, schema]) => [kind, Compile(schema)]),
);

/** What is known of something that may be no word at all, for an answer to it. */
export interface About {
  readonly about: LabWordKind | null;
  readonly ref: string | undefined;
}

export const aboutOf = (body: unknown): About => {
  const { what, ref } = Object(body) as { readonly what?: unknown; readonly ref?: unknown };
  return {
    about: typeof what === 'string' && checks.has(what) ? (what as LabWordKind) : null,
    ref: typeof ref === 'string' && ref.length <= 40 ? ref : undefined,
  };
};

/** The word, or null when it has the shape of none. */
export const readWord = (body: unknown): LabWords | null => {
  const { about } = aboutOf(body);
  return about !== null && checks.get(about)!.Check(body) ? (body as LabWords) : null;
};
