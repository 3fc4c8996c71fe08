/** Lets files be dropped anywhere on the element around it, and covers that while some are held over it. */
import './drop-cover.css';
import { Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLatest } from '../ui/use-latest.ts';

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

interface DropCoverProps {
  /** Where they would go, in words. */
  readonly name: string;
  readonly onFiles: (files: readonly File[]) => void;
}

export const DropCover = ({ name, onFiles }: DropCoverProps) => {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);
  const take = useLatest(onFiles);

  useEffect(() => {
    const element = anchor.current?.parentElement;
    if (!element) return;
    /** Elements within that the files have come over and not left: leaving a child is not leaving. */
    let depth = 0;
    const leave = () => {
      depth = 0;
      setOver(false);
    };
    const listening = new AbortController();
    const on = (type: 'dragenter' | 'dragleave' | 'dragover' | 'drop', handle: (event: DragEvent) => void) =>
      element.addEventListener(type, (event) => holdsFiles(event) && handle(event), { signal: listening.signal });
    on('dragenter', () => {
      depth++;
      setOver(true);
    });
    on('dragleave', () => {
      if (--depth <= 0) leave();
    });
    // Otherwise the browser would leave the page and show the file.
    on('dragover', (event) => event.preventDefault());
    on('drop', (event) => {
      event.preventDefault();
      leave();
      take([...(event.dataTransfer?.files ?? [])]);
    });
    return () => listening.abort();
  }, [take]);

  return (
    <>
      <span ref={anchor} hidden />
      {over ? (
        <div className="drop-cover" aria-hidden="true">
          <Upload size={32} />
          <p>{t('files.drop', { name })}</p>
        </div>
      ) : null}
    </>
  );
};
