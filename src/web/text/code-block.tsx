import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../ui/button.tsx';
import { scrollable } from '../ui/scrollable.ts';
import { copyText } from './copy-text.ts';

const saidMs = 2_000;

/** Code as it was written, with a button that copies it. */
export const CodeBlock = ({ text }: { readonly text: string }) => {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), saidMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const words = copied ? t('text.copied') : t('text.copyCode');
  return (
    <div className="text-code-block">
      <pre {...scrollable}>
        <code>{text}</code>
      </pre>
      <IconButton
        label={words}
        className="text-code-copy"
        onPress={() => void copyText(text).then((done) => setCopied(done))}
      >
        {copied ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
      </IconButton>
    </div>
  );
};
