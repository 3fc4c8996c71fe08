/** Two quiet notes below the rooms: that there is a newer page, and that this address is one server's own. */
import './device-notes.css';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readSetting, writeSetting } from '../app/settings.ts';
import { useCell } from '../store/cell.ts';
import { useChat } from '../store/hooks.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { newVersion } from './device-cells.ts';
import { frontDoorInstead } from './front-door.ts';
import { takeNewVersion } from './offline-start.ts';

const VersionNote = () => {
  const { t } = useTranslation();
  if (!useCell(newVersion)) return null;
  return (
    <p className="device-note" role="status">
      <span>{t('device.newVersion')}</span>
      <Button look="quiet" small onPress={takeNewVersion}>
        {t('device.reload')}
      </Button>
    </p>
  );
};

const AddressNote = () => {
  const { t } = useTranslation();
  const instead = useChat((state) => frontDoorInstead(state.cluster, location.origin));
  const waits = useChat((state) => [...state.timelines.values()].some(({ pending }) => pending.length > 0));
  const [known, setKnown] = useState(() => readSetting('addressNote') !== null);
  // What waits is kept for this address only: nobody is led away from it.
  if (instead === null || known || waits) return null;
  return (
    <p className="device-note">
      <span>
        {t('device.atOneServer')} <a href={instead + location.pathname}>{t('device.frontDoor')}</a>
      </span>
      <IconButton
        label={t('common.close')}
        onPress={() => {
          writeSetting('addressNote', 'known');
          setKnown(true);
        }}
      >
        <X size={16} aria-hidden="true" />
      </IconButton>
    </p>
  );
};

export const DeviceNotes = () => (
  <>
    <VersionNote />
    <AddressNote />
  </>
);
