/** Chooses files: from the device, or on a phone from its camera. */
import { Camera, FolderOpen, Paperclip } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../ui/button.tsx';
import { Menu, MenuItem, MenuTrigger } from '../ui/menu.tsx';

/** A finger, and no mouse: there the camera is worth a choice of its own. */
const hasCamera = (): boolean => matchMedia('(pointer: coarse)').matches;

export const AttachButton = ({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) => {
  const { t } = useTranslation();
  const any = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const input = (ref: typeof any, given: { readonly accept?: string; readonly capture?: 'environment' }) => (
    <input
      ref={ref}
      type="file"
      multiple={given.capture === undefined}
      hidden
      {...given}
      onChange={(event) => {
        onFiles([...(event.target.files ?? [])]);
        // The same file can be chosen again.
        event.target.value = '';
      }}
    />
  );
  return (
    <>
      {hasCamera() ? (
        <MenuTrigger>
          <IconButton label={t('files.attach')} className="composer-tool">
            <Paperclip size={19} aria-hidden="true" />
          </IconButton>
          <Menu label={t('files.attach')} placement="top start">
            <MenuItem
              text={t('files.choose')}
              icon={<FolderOpen size={18} aria-hidden="true" />}
              onAction={() => any.current?.click()}
            />
            <MenuItem
              text={t('files.camera')}
              icon={<Camera size={18} aria-hidden="true" />}
              onAction={() => camera.current?.click()}
            />
          </Menu>
        </MenuTrigger>
      ) : (
        <IconButton label={t('files.attach')} className="composer-tool" onPress={() => any.current?.click()}>
          <Paperclip size={19} aria-hidden="true" />
        </IconButton>
      )}
      {input(any, {})}
      {input(camera, { accept: 'image/*,video/*', capture: 'environment' })}
    </>
  );
};
