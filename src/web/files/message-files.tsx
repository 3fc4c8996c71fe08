/** The files of a message: pictures in their size, what plays with its controls, everything else as a card to download. */
import './message-files.css';
import { Download, ExternalLink, ImageOff } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileView } from '../../client/index.ts';
import { localeOf } from '../i18n/index.ts';
import { sizeOf } from '../i18n/sizes.ts';
import { useFileAddress, useLoading } from './file-address.ts';
import { FileIcon } from './file-icon.tsx';
import { kindOf, pictureSize } from './file-kind.ts';

const Lightbox = lazy(async () => ({ default: (await import('./lightbox.tsx')).Lightbox }));

/** A file that is not shown here: its kind, its name, its size, and the way to it. */
export const FileCard = ({ file }: { readonly file: FileView }) => {
  const { t, i18n } = useTranslation();
  const addressOf = useFileAddress();
  const size = sizeOf(file.size, localeOf(i18n.language));
  return (
    <div className="file-card">
      <span className="file-card-icon">
        <FileIcon type={file.type} name={file.name} />
      </span>
      <span className="file-card-words">
        <span className="file-card-name" title={file.name}>
          {file.name}
        </span>
        <span className="file-card-size">{size}</span>
      </span>
      {kindOf(file.type) === 'pdf' ? (
        <a
          className="icon-button"
          href={addressOf(file.id)}
          target="_blank"
          rel="noreferrer"
          aria-label={t('files.open', { name: file.name })}
          title={t('files.open', { name: file.name })}
        >
          <ExternalLink size={18} aria-hidden="true" />
        </a>
      ) : null}
      <a
        className="icon-button"
        href={addressOf(file.id, { download: true })}
        download={file.name}
        aria-label={t('files.download', { name: file.name })}
        title={t('files.download', { name: file.name })}
      >
        <Download size={18} aria-hidden="true" />
      </a>
    </div>
  );
};

const Picture = ({ file, onOpen }: { readonly file: FileView; readonly onOpen: () => void }) => {
  const { t } = useTranslation();
  const { address, attempt, isBroken, onLoaded, onFailed } = useLoading(file.id);
  const size = pictureSize(file) ?? { width: 240, height: 180 };
  const isKnown = file.width !== undefined;
  return (
    <button
      type="button"
      className="file-picture"
      style={{ width: size.width, aspectRatio: `${size.width} / ${size.height}` }}
      onClick={onOpen}
      aria-label={t('files.view', { name: file.name })}
    >
      <img
        key={attempt}
        src={address}
        alt=""
        loading="lazy"
        decoding="async"
        data-fit={isKnown ? 'cover' : 'contain'}
        data-broken={isBroken || undefined}
        onLoad={onLoaded}
        onError={onFailed}
      />
      {isBroken ? (
        <span className="file-picture-broken">
          <ImageOff size={22} aria-hidden="true" />
          {t('files.broken')}
        </span>
      ) : null}
    </button>
  );
};

const Player = ({ file }: { readonly file: FileView }) => {
  const size = pictureSize(file);
  const { address, attempt, onLoaded, onFailed } = useLoading(file.id);
  const { t } = useTranslation();
  const label = t('files.play', { name: file.name });
  return kindOf(file.type) === 'video' ? (
    <figure className="file-player">
      <video
        key={attempt}
        src={address}
        onLoadedMetadata={onLoaded}
        onError={onFailed}
        controls
        preload="metadata"
        playsInline
        aria-label={label}
        style={size ? { width: size.width, aspectRatio: `${size.width} / ${size.height}` } : {}}
      >
        <track kind="captions" />
      </video>
      <FileCard file={file} />
    </figure>
  ) : (
    <figure className="file-player">
      <FileCard file={file} />
      <audio
        key={attempt}
        src={address}
        controls
        preload="none"
        aria-label={label}
        onLoadedMetadata={onLoaded}
        onError={onFailed}
      >
        <track kind="captions" />
      </audio>
    </figure>
  );
};

export const MessageFiles = ({ files }: { readonly files: readonly FileView[] }) => {
  const { t } = useTranslation();
  const [open, setOpen] = useState<number | null>(null);
  const pictures = files.filter((file) => kindOf(file.type) === 'image');
  const others = files.filter((file) => kindOf(file.type) !== 'image');
  return (
    <section className="message-files" aria-label={t('files.inMessage', { count: files.length })}>
      {pictures.length > 0 ? (
        <div className="file-pictures">
          {pictures.map((file, at) => (
            <Picture key={file.id} file={file} onOpen={() => setOpen(at)} />
          ))}
        </div>
      ) : null}
      {others.map((file) =>
        ['video', 'audio'].includes(kindOf(file.type)) ? (
          <Player key={file.id} file={file} />
        ) : (
          <FileCard key={file.id} file={file} />
        ),
      )}
      {open === null ? null : (
        <Suspense fallback={null}>
          <Lightbox files={pictures} at={open} onMove={setOpen} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </section>
  );
};
