import { useRef, useState } from 'react';
import { EstafetError } from '../../client/index.ts';

/** Something a person asked for: whether it is under way, and why it was refused. It is never done twice at a time. */
export const useDoing = () => {
  const [busy, setBusy] = useState(false);
  const [code, setCode] = useState<EstafetError['code'] | null>(null);
  const under = useRef(false);
  /** Resolves to whether it was done. */
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (under.current) return false;
    under.current = true;
    setBusy(true);
    setCode(null);
    try {
      await work();
      return true;
    } catch (error) {
      setCode(error instanceof EstafetError ? error.code : 'internal');
      return false;
    } finally {
      under.current = false;
      setBusy(false);
    }
  };
  return { busy, code, setCode, run };
};
