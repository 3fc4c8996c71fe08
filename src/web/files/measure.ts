/** The size of a picture or a film in pixels, so that its place is kept free wherever it is shown. */
import { kindOf } from './file-kind.ts';

const measureMaxMs = 4_000;

interface Size {
  readonly width: number;
  readonly height: number;
}

const sizeOf = (width: number, height: number): Size | null =>
  width > 0 && height > 0 ? { width: Math.round(width), height: Math.round(height) } : null;

const ofImage = (url: string): Promise<Size | null> =>
  new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(sizeOf(image.naturalWidth, image.naturalHeight));
    image.onerror = () => resolve(null);
    image.src = url;
  });

const ofVideo = (url: string): Promise<Size | null> =>
  new Promise((resolve) => {
    const video = document.createElement('video');
    video.preload = 'metadata';
    video.onloadedmetadata = () => resolve(sizeOf(video.videoWidth, video.videoHeight));
    video.onerror = () => resolve(null);
    video.src = url;
  });

/** Null for what has no size, cannot be read, or takes too long. */
export const measure = async (file: Blob): Promise<Size | null> => {
  const kind = kindOf(file.type);
  if (kind !== 'image' && kind !== 'video') return null;
  const url = URL.createObjectURL(file);
  const tooLong = new Promise<null>((resolve) => setTimeout(() => resolve(null), measureMaxMs));
  try {
    return await Promise.race([kind === 'image' ? ofImage(url) : ofVideo(url), tooLong]);
  } finally {
    URL.revokeObjectURL(url);
  }
};
