import { File, FileArchive, FileAudio, FileImage, FileText, FileVideo } from 'lucide-react';
import { extensionOf, kindOf } from './file-kind.ts';

const archives = new Set(['ZIP', 'GZ', 'TGZ', 'XZ', '7Z', 'RAR', 'TAR', 'ZST']);

/** A picture of what kind of file it is. */
export const FileIcon = ({
  type,
  name,
  size = 24,
}: {
  readonly type: string;
  readonly name: string;
  readonly size?: number;
}) => {
  const kind = kindOf(type);
  const given = { size, 'aria-hidden': true } as const;
  if (kind === 'image' || type.startsWith('image/')) return <FileImage {...given} />;
  if (kind === 'video' || type.startsWith('video/')) return <FileVideo {...given} />;
  if (kind === 'audio' || type.startsWith('audio/')) return <FileAudio {...given} />;
  if (kind === 'pdf' || type.startsWith('text/')) return <FileText {...given} />;
  return archives.has(extensionOf(name)) ? <FileArchive {...given} /> : <File {...given} />;
};
