/** Files of a message: drawn by the files' own code, which comes when it is first needed; until then as plain links. */
import { File } from 'lucide-react';
import { type ComponentType, lazy, Suspense } from 'react';
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
    <ul className="message-files">
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

type FilesModule = { readonly MessageFiles: ComponentType<FilesProps> };
const [load] = Object.values(import.meta.glob<FilesModule>('../files/message-files.tsx'));
const RichFiles = load ? lazy(async () => ({ default: (await load()).MessageFiles })) : PlainFiles;

export const MessageAttachments = (props: FilesProps) => (
  <Suspense fallback={<PlainFiles {...props} />}>
    <RichFiles {...props} />
  </Suspense>
);
