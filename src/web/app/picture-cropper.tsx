/** Cuts a square out of a picture, moved by pointer or arrow keys and enlarged by a slider, and makes it one's own. */
import './picture-cropper.css';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EstafetError } from '../../client/index.ts';
import { useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { useDoing } from '../ui/use-doing.ts';
import { type Crop, firstCrop, moved, placeOf, zoomed, zoomMax } from './picture-crop.ts';
import { uploadPicture } from './picture-upload.ts';

const sidePx = 256;
const keyStepPx = 12;

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [keyStepPx, 0],
  ArrowRight: [-keyStepPx, 0],
  ArrowUp: [0, keyStepPx],
  ArrowDown: [0, -keyStepPx],
};

/** WebP where the browser writes it, else JPEG. */
const blobOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new EstafetError('too-large'))), 'image/webp', 0.9);
  });

interface PictureCropperProps {
  readonly file: File;
  readonly onDone: () => void;
}

export const PictureCropper = ({ file, onDone }: PictureCropperProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const [unreadable, setUnreadable] = useState(false);
  const [crop, setCrop] = useState<Crop>(firstCrop);
  const { busy, code, run } = useDoing();

  useEffect(() => {
    let wanted = true;
    createImageBitmap(file).then(
      (read) => (wanted ? setPicture(read) : read.close()),
      () => wanted && setUnreadable(true),
    );
    return () => {
      wanted = false;
    };
  }, [file]);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !picture) return;
    const { x, y, width, height } = placeOf(crop, picture, sidePx);
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, sidePx, sidePx);
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, x, y, width, height);
  }, [picture, crop]);

  const move = (dx: number, dy: number) => {
    if (picture) setCrop((now) => moved(now, picture, sidePx, dx, dy));
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const scale = sidePx / event.currentTarget.getBoundingClientRect().width;
    move(event.movementX * scale, event.movementY * scale);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    move(...step);
  };
  const save = async () => {
    const done = await run(async () => {
      const { current } = canvas;
      if (!current) return;
      const avatar = await uploadPicture(store.serverUrl, await blobOf(current), sidePx);
      await store.do('profile.edit', { avatar });
    });
    if (done) onDone();
  };

  if (unreadable) {
    return (
      <p className="field-error" role="alert">
        {t('picture.unreadable', { name: file.name })}
      </p>
    );
  }
  return (
    <div className="cropper">
      <canvas
        ref={canvas}
        width={sidePx}
        height={sidePx}
        tabIndex={0}
        role="img"
        aria-label={t('picture.part')}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        onKeyDown={onKeyDown}
      />
      <label className="cropper-zoom">
        <span>{t('picture.zoom')}</span>
        <input
          type="range"
          min={1}
          max={zoomMax}
          step={0.05}
          value={crop.zoom}
          onChange={(event) => picture && setCrop(zoomed(crop, picture, sidePx, Number(event.target.value)))}
        />
      </label>
      <Problem code={code} />
      <div className="dialog-actions">
        <Button look="quiet" small onPress={onDone}>
          {t('common.cancel')}
        </Button>
        <Button small busy={busy} isDisabled={!picture} onPress={() => void save()}>
          {t('picture.use')}
        </Button>
      </div>
    </div>
  );
};
