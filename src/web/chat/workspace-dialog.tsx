/** How others come into the workspace: its address, and a code that phones read. */
import './workspace-dialog.css';
import { Check, Copy } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { encode } from 'uqr';
import { isThisDeviceOnly, joinAddress } from '../app/join-address.ts';
import { useChat } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Modal } from '../ui/modal.tsx';

/** The code as one path: a square of side 1 for each dark module. */
const QrCode = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const { data, size } = useMemo(() => encode(text, { border: 2 }), [text]);
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg className="workspace-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path d={path} fill="#000000" shapeRendering="crispEdges" />
    </svg>
  );
};

export const WorkspaceDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { t } = useTranslation();
  const front = useChat((state) => state.cluster?.front ?? null);
  const [copied, setCopied] = useState(false);
  const address = joinAddress(front, location.origin);
  const local = isThisDeviceOnly(address);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
    } catch {
      // Where the page is not secure there is no clipboard: the address is selected, to be copied by hand.
      getSelection()?.selectAllChildren(document.querySelector('.workspace-address')!);
    }
  };
  return (
    <Modal title={t('workspace.title')} onClose={onClose}>
      <p>{t('workspace.about')}</p>
      <div className="workspace-line">
        <code className="workspace-address">{address}</code>
        <Button look="quiet" small onPress={() => void copy()}>
          {copied ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
          {copied ? t('workspace.copied') : t('workspace.copy')}
        </Button>
      </div>
      {local ? (
        <p className="workspace-local">{t('workspace.local')}</p>
      ) : (
        <>
          <QrCode text={address} label={t('workspace.code', { address })} />
          <p className="workspace-note">{t('workspace.scan')}</p>
        </>
      )}
    </Modal>
  );
};
