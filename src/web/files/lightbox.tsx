/** Pictures over the whole page, one at a time: arrow keys and the edges move on, Escape and a click beside them close. */
import './lightbox.css';
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { useEffect } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { FileView } from '../../client/index.ts';
import { localeOf } from '../i18n/index.ts';
import { sizeOf } from '../i18n/sizes.ts';
import { IconButton } from '../ui/button.tsx';
import { useFileAddress, useLoading } from './file-address.ts';

interface LightboxProps {
  readonly files: readonly FileView[];
  readonly at: number;
  readonly onMove: (at: number) => void;
  readonly onClose: () => void;
}

const Shown = ({ file }: { readonly file: FileView }) => {
  const { address, attempt, onLoaded, onFailed } = useLoading(file.id);
  return <img key={attempt} src={address} alt={file.name} onLoad={onLoaded} onError={onFailed} />;
};

export const Lightbox = ({ files, at, onMove, onClose }: LightboxProps) => {
  const { t, i18n } = useTranslation();
  const addressOf = useFileAddress();
  const file = files[at];
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'ArrowLeft' && at > 0) onMove(at - 1);
      if (event.key === 'ArrowRight' && at < files.length - 1) onMove(at + 1);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [at, files.length, onMove]);
  if (!file) return null;
  return (
    <ModalOverlay className="lightbox-scrim" isOpen isDismissable onOpenChange={(open) => open || onClose()}>
      <Modal className="lightbox">
        <Dialog className="lightbox-dialog" aria-label={t('files.view', { name: file.name })}>
          <div className="lightbox-head">
            <span className="lightbox-name" title={file.name}>
              {file.name}
            </span>
            <span className="lightbox-about">
              {sizeOf(file.size, localeOf(i18n.language))}
              {files.length > 1 ? ` · ${t('files.ofMany', { at: at + 1, of: files.length })}` : ''}
            </span>
            <a
              className="icon-button"
              href={addressOf(file.id, { download: true })}
              download={file.name}
              aria-label={t('files.download', { name: file.name })}
            >
              <Download size={20} aria-hidden="true" />
            </a>
            <IconButton label={t('common.close')} onPress={onClose}>
              <X size={20} aria-hidden="true" />
            </IconButton>
          </div>
          <div className="lightbox-stage">
            {/* A click beside the picture closes, as one expects; the keyboard has Escape and the cross. */}
            <button type="button" className="lightbox-beside" tabIndex={-1} aria-hidden="true" onClick={onClose} />
            <Shown key={file.id} file={file} />
            {at > 0 ? (
              <IconButton label={t('files.previous')} className="lightbox-move" onPress={() => onMove(at - 1)}>
                <ChevronLeft size={28} aria-hidden="true" />
              </IconButton>
            ) : null}
            {at < files.length - 1 ? (
              <IconButton
                label={t('files.next')}
                className="lightbox-move lightbox-next"
                onPress={() => onMove(at + 1)}
              >
                <ChevronRight size={28} aria-hidden="true" />
              </IconButton>
            ) : null}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
};
