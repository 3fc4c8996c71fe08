/** Lets files be dropped anywhere in a room, and shows that they may be while some are held over it. */
import './drop-zone.css';
import { Upload } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLatest } from '../ui/use-latest.ts';

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

interface DropZoneProps {
  readonly className: string;
  /** Where they would go, in words. */
  readonly name: string;
  /** Null where nothing may be dropped. */
  readonly onFiles: ((files: readonly File[]) => void) | null;
  readonly children: ReactNode;
}

export const DropZone = ({ className, name, onFiles, children }: DropZoneProps) => {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const zone = useRef<HTMLElement>(null);
  const take = useLatest((files: readonly File[]) => onFiles?.(files));
  const isOpen = onFiles !== null;

  useEffect(() => {
    const element = zone.current;
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
      setOver(isOpen);
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
  }, [take, isOpen]);

  return (
    <section ref={zone} className={className}>
      {children}
      {over ? (
        <div className="drop-zone" aria-hidden="true">
          <Upload size={32} />
          <p>{t('files.drop', { name })}</p>
        </div>
      ) : null}
    </section>
  );
};

/** The files in what was pasted; a picture that was copied has no name of its own. */
export const pastedFiles = (data: DataTransfer): readonly File[] => [...data.files];
