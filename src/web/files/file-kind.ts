/** What can be shown of a file, by the type its uploader named. Pure. */
import type { FileView } from '../../client/index.ts';

export type FileKind = 'image' | 'video' | 'audio' | 'pdf' | 'other';

const images = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);
const videos = new Set(['video/mp4', 'video/webm']);
const audios = new Set(['audio/mpeg', 'audio/mp3', 'audio/ogg', 'audio/wav', 'audio/x-wav', 'audio/webm', 'audio/mp4']);

/** How a file of this media type is shown. SVG is not an image here: it may carry scripts. */
export const kindOf = (type: string): FileKind => {
  const bare = type.split(';')[0]!.trim().toLowerCase();
  if (images.has(bare)) return 'image';
  if (videos.has(bare)) return 'video';
  if (audios.has(bare)) return 'audio';
  return bare === 'application/pdf' ? 'pdf' : 'other';
};

/** The largest picture in a conversation, CSS pixels. */
const pictureMax = { width: 420, height: 320 };

/** The size in which a picture is shown, kept free before it has come; null when its own size is not known. */
export const pictureSize = ({
  width,
  height,
}: Pick<FileView, 'width' | 'height'>): { readonly width: number; readonly height: number } | null => {
  if (width === undefined || height === undefined) return null;
  const scale = Math.min(1, pictureMax.width / width, pictureMax.height / height);
  return { width: Math.max(48, Math.round(width * scale)), height: Math.max(48, Math.round(height * scale)) };
};

/** The end of a name, for the picture of a file that cannot be shown: `PDF`, `ZIP`; empty when it has none. */
export const extensionOf = (name: string): string => {
  const match = /\.([A-Za-z0-9]{1,5})$/.exec(name);
  return match ? match[1]!.toUpperCase() : '';
};
