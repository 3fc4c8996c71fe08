/** Which square of a picture is shown: arithmetic only. Lengths are in pixels of the square. */

export interface Crop {
  /** 1: the picture's shorter side fills the square. */
  readonly zoom: number;
  /** How far the picture's middle is from the square's. */
  readonly dx: number;
  readonly dy: number;
}

export const firstCrop: Crop = { zoom: 1, dx: 0, dy: 0 };
export const zoomMax = 4;

interface Size {
  readonly width: number;
  readonly height: number;
}

const sizeAt = (zoom: number, picture: Size, side: number): Size => {
  const scale = (side / Math.min(picture.width, picture.height)) * zoom;
  return { width: picture.width * scale, height: picture.height * scale };
};

/** The crop, moved no further than the picture reaches: the square is never empty anywhere. */
const within = (crop: Crop, picture: Size, side: number): Crop => {
  const { width, height } = sizeAt(crop.zoom, picture, side);
  const clamp = (value: number, room: number) => Math.max(-room, Math.min(room, value));
  return { zoom: crop.zoom, dx: clamp(crop.dx, (width - side) / 2), dy: clamp(crop.dy, (height - side) / 2) };
};

export const moved = (crop: Crop, picture: Size, side: number, dx: number, dy: number): Crop =>
  within({ zoom: crop.zoom, dx: crop.dx + dx, dy: crop.dy + dy }, picture, side);

/** Enlarged about the middle of the square. */
export const zoomed = (crop: Crop, picture: Size, side: number, zoom: number): Crop => {
  const next = Math.max(1, Math.min(zoomMax, zoom));
  const grows = next / crop.zoom;
  return within({ zoom: next, dx: crop.dx * grows, dy: crop.dy * grows }, picture, side);
};

/** Where the picture is drawn in a square of this side. */
export const placeOf = (crop: Crop, picture: Size, side: number): Size & { readonly x: number; readonly y: number } => {
  const { width, height } = sizeAt(crop.zoom, picture, side);
  return { x: (side - width) / 2 + crop.dx, y: (side - height) / 2 + crop.dy, width, height };
};
