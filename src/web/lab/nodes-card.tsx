/** Who is here: the nodes, and how this page, or another device, becomes one. */
import { LogOut, QrCode as QrIcon } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../client/index.ts';
import type { LabNode } from '../../protocol/index.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { useLab, useLabStore } from './hooks.ts';
import { JoinCode } from './join-code.tsx';
import { freeName } from './model.ts';
import { NodeMark } from './node-mark.tsx';
import { Refused } from './refused.tsx';

/** Makes this page a node. The name is a proposal until somebody types another one. */
export const JoinForm = ({ first }: { readonly first: boolean }) => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  const nodes = useLab((state) => state.model.nodes);
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? freeName(nodes);
  const join = (event: FormEvent) => {
    event.preventDefault();
    store.join(name.trim());
    setTyped(null);
  };
  return (
    <form className="lab-join" onSubmit={join}>
      <Field label={t('join.name')} value={name} onChange={setTyped} maxLength={40} />
      <Button type="submit" isDisabled={name.trim() === ''}>
        {t(first ? 'join.first' : 'join.another')}
      </Button>
      <Refused scope="join" />
    </form>
  );
};

export const InviteButton = () => {
  const { t } = useTranslation('lab');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="quiet" small onPress={() => setOpen(true)}>
        <QrIcon size={16} aria-hidden="true" />
        {t('join.invite')}
      </Button>
      {open ? (
        <Modal title={t('join.inviteTitle')} onClose={() => setOpen(false)}>
          <p>{t('join.inviteAbout')}</p>
          <JoinCode path="/lab" />
        </Modal>
      ) : null}
    </>
  );
};

const NodeRow = ({ node, mine }: { readonly node: LabNode; readonly mine: boolean }) => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  const facts = [
    mine ? t('nodes.mine') : t('nodes.server', { server: node.server }),
    ...(node.inClass ? [t('nodes.inClass')] : []),
    ...node.topics.map((topic) => `#${topic}`),
  ];
  return (
    <li className="lab-node">
      <NodeMark name={node.name} mine={mine} />
      <span className="lab-node-words">
        <strong className="lab-node-name">{node.name}</strong>
        <span className="lab-faint">{facts.join(' · ')}</span>
      </span>
      {mine ? (
        <IconButton label={t('nodes.leave', { name: node.name })} onPress={() => store.leave(node.id)}>
          <LogOut size={16} aria-hidden="true" />
        </IconButton>
      ) : null}
    </li>
  );
};

export const NodesCard = () => {
  const { t } = useTranslation('lab');
  const nodes = useLab((state) => state.model.nodes);
  const mine = useLab((state) => state.model.mine);
  return (
    <section className="lab-card" aria-label={t('nodes.title')}>
      <div className="lab-card-head">
        <h2 className="lab-card-title">
          {t('nodes.title')} <span className="lab-count">{nodes.size}</span>
        </h2>
        <InviteButton />
      </div>
      {nodes.size === 0 ? <p className="lab-note">{t('nodes.empty')}</p> : null}
      <ul className="lab-nodes">
        {[...nodes.values()].map((node) => (
          <NodeRow key={node.id} node={node} mine={mine.includes(node.id)} />
        ))}
      </ul>
      {mine.length > 0 && mine.length < limits.labNodesPerSocketMax ? <JoinForm first={false} /> : null}
    </section>
  );
};
