import { useTranslation } from 'react-i18next';
import { type ErrorCode, limits } from '../../client/index.ts';

/** The number that a refusal's sentence names. */
const limitOf: Partial<Record<ErrorCode, number>> = {
  'name-invalid': limits.userNameMaxChars,
  'room-name-invalid': limits.roomNameMaxChars,
  'text-too-long': limits.messageTextMaxChars,
};

/** Why something was refused, as a sentence in the language of the page. */
export const useReason = (): ((code: ErrorCode) => string) => {
  const { t } = useTranslation();
  return (code) => t(`errors.${code}`, { count: limitOf[code] ?? 0 });
};

/** The same, said where it happened and to screen readers; nothing when nothing was refused. */
export const Problem = ({ code }: { readonly code: ErrorCode | null }) => {
  const reason = useReason();
  return code ? (
    <p className="field-error" role="alert">
      {reason(code)}
    </p>
  ) : null;
};
