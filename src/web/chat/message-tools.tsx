import { Copy, Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../client/index.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu, MenuItem, MenuTrigger } from '../ui/menu.tsx';

interface MessageToolsProps {
  readonly message: Message;
  readonly own: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

const hovers = matchMedia('(hover: hover)').matches;

/** What can be done with a message. */
export const MessageTools = ({ message, own, onOpenChange, onEdit, onDelete }: MessageToolsProps) => {
  const { t } = useTranslation();
  // Only secure addresses and the machine itself may write to the clipboard; on a LAN the browser's own copying has to do.
  const copies = navigator.clipboard !== undefined;
  if (!own && !copies) return null;
  return (
    <div className="message-tools">
      {own && hovers ? (
        <IconButton label={t('message.edit')} onPress={onEdit}>
          <Pencil size={16} aria-hidden="true" />
        </IconButton>
      ) : null}
      <MenuTrigger onOpenChange={onOpenChange}>
        <IconButton label={t('message.more')}>
          <Ellipsis size={18} aria-hidden="true" />
        </IconButton>
        <Menu label={t('message.more')}>
          {copies ? (
            <MenuItem
              text={t('message.copy')}
              icon={<Copy size={18} aria-hidden="true" />}
              onAction={() => void navigator.clipboard.writeText(message.text)}
            />
          ) : null}
          {own ? (
            <MenuItem text={t('message.edit')} icon={<Pencil size={18} aria-hidden="true" />} onAction={onEdit} />
          ) : null}
          {own ? (
            <MenuItem
              text={t('message.delete')}
              icon={<Trash2 size={18} aria-hidden="true" />}
              danger
              onAction={onDelete}
            />
          ) : null}
        </Menu>
      </MenuTrigger>
    </div>
  );
};
