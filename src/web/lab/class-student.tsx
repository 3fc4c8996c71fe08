/** What a student does: comes in with a node, predicts, and waits for the run. */
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LabClass, LabNode } from '../../protocol/index.ts';
import { useChat } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { ClassPredict } from './class-predict.tsx';
import { useLab, useLabStore } from './hooks.ts';
import { NodeMark } from './node-mark.tsx';
import { Refused } from './refused.tsx';
import { isUnderWay } from './run-progress.tsx';

/** The first of this page’s nodes, or the one of them that is in the class. */
const useMyNode = (): LabNode | null => {
  const nodes = useLab((state) => state.model.nodes);
  const mine = useLab((state) => state.model.mine);
  const own = mine.flatMap((id) => nodes.get(id) ?? []);
  return own.find(({ inClass }) => inClass) ?? own[0] ?? null;
};

const Enter = ({ node, code: given }: { readonly node: LabNode | null; readonly code: string | null }) => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  const you = useChat((state) => state.you?.name ?? '');
  const [name, setName] = useState(you.slice(0, 40));
  const [typed, setTyped] = useState(given ?? '');
  const [wanted, setWanted] = useState<string | null>(null);
  const code = typed.trim().toUpperCase();
  const id = node?.id ?? null;
  useEffect(() => {
    if (wanted === null || id === null) return;
    setWanted(null);
    store.joinClass(wanted, id);
  }, [store, wanted, id]);
  const enter = (event: FormEvent) => {
    event.preventDefault();
    setWanted(code);
    if (id === null) store.join(name.trim());
  };
  return (
    <form className="lab-class-enter" onSubmit={enter}>
      {given === null ? <Field label={t('class.code')} value={typed} onChange={setTyped} maxLength={20} /> : null}
      {node === null ? <Field label={t('class.yourName')} value={name} onChange={setName} maxLength={40} /> : null}
      <Button type="submit" isDisabled={code === '' || (node === null && name.trim() === '')}>
        {node === null ? t('class.enter') : t('class.enterAs', { name: node.name })}
      </Button>
      <Refused scope="join" />
      <Refused scope="class" />
    </form>
  );
};

/** What the class waits for. */
const Present = ({ open, node }: { readonly open: LabClass; readonly node: LabNode }) => {
  const { t } = useTranslation('lab');
  const run = useLab((state) => state.model.run);
  const { question } = open;
  if (run?.ofClass && isUnderWay(run)) {
    return (
      <>
        <p className="lab-note">{t(`run.states.${run.state}`, { done: run.settled, of: run.of })}</p>
        <progress
          className="lab-class-progress"
          value={run.settled + run.leftOut}
          max={Math.max(1, run.of)}
          aria-label={t('run.progress')}
        />
        <p className="lab-faint">{t('class.keepOpen')}</p>
      </>
    );
  }
  if (question === null) return <p className="lab-note">{t('class.wait')}</p>;
  if (question.state === 'done') return <p className="lab-note">{t('class.look')}</p>;
  return <ClassPredict node={node} question={question} />;
};

export const ClassStudent = ({ open, code }: { readonly open: LabClass; readonly code: string | null }) => {
  const { t } = useTranslation('lab');
  const node = useMyNode();
  return (
    <section className="lab-card lab-class-student" aria-label={t('class.title')}>
      {node?.inClass ? (
        <>
          <div className="lab-panel-head">
            <NodeMark name={node.name} mine />
            <h2 className="lab-card-title">{t('class.youAre', { name: node.name })}</h2>
          </div>
          <Present open={open} node={node} />
          <Refused scope="class" />
        </>
      ) : (
        <>
          <h2 className="lab-card-title">{t('class.come')}</h2>
          <p className="lab-note">{t('class.comeAbout')}</p>
          <Enter node={node} code={code} />
        </>
      )}
    </section>
  );
};
