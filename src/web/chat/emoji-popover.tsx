import { Dialog, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Sheet } from '../ui/sheet.tsx';
import { EmojiPicker } from './emoji-picker.tsx';

interface EmojiPopoverProps {
  readonly anchor: HTMLElement;
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
}

/** The emoji beside what they were asked for from; where fingers point, from below. */
export const EmojiPopover = ({ anchor, onPick, onClose }: EmojiPopoverProps) => {
  const { t } = useTranslation();
  if (matchMedia('(pointer: coarse)').matches) {
    return (
      <Sheet label={t('emoji.title')} onClose={onClose}>
        <EmojiPicker onPick={onPick} />
      </Sheet>
    );
  }
  return (
    <Popover
      className="emoji-popover"
      triggerRef={{ current: anchor }}
      placement="top end"
      offset={6}
      isOpen
      onOpenChange={(open) => open || onClose()}
    >
      <Dialog className="emoji-dialog" aria-label={t('emoji.title')}>
        <EmojiPicker onPick={onPick} />
      </Dialog>
    </Popover>
  );
};
