/** Files of a message: drawn by the files' own code, which comes when it is first needed; until then as plain links. */
import { File } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileView, Message } from '../../client/index.ts';
import { sizeOf } from '../i18n/sizes.ts';

interface FilesProps {
  readonly files: readonly FileView[];
  readonly message: Message;
}

const PlainFiles = ({ files }: FilesProps) => {
  const { i18n } = useTranslation();
  return (
    <ul className="plain-files">
      {files.map((file) => (
        <li key={file.id}>
          <a href={`/api/v1/files/${file.id}?download`} download={file.name} className="message-file">
            <File size={16} aria-hidden="true" />
            <bdi>{file.name}</bdi>
            <span>{sizeOf(file.size, i18n.language)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
};

/** Fetches what draws files, while a server that has it is up. */
export const loadMessageFiles = () => import('../files/message-files.tsx');
const RichFiles = lazy(async () => ({ default: (await loadMessageFiles()).MessageFiles }));

export const MessageAttachments = (props: FilesProps) => (
  <Suspense fallback={<PlainFiles {...props} />}>
    <RichFiles {...props} />
  </Suspense>
);
