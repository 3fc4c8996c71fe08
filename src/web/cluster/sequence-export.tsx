/** Saves the diagram: as a picture, as text for documents, and as a log for ShiViz. */
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../ui/button.tsx';
import { Menu, MenuItem, MenuTrigger } from '../ui/menu.tsx';
import type { Built } from './sequence-build.ts';
import { mermaidOf } from './sequence-mermaid.ts';
import { shivizOf } from './sequence-shiviz.ts';
import { svgOf } from './sequence-svg.ts';
import type { SequenceWords } from './sequence-words.ts';

/** Gives a text to be saved. */
const save = (text: string, type: string, name: string): void => {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  // The browser has read it by then; until it has, it must not go.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

interface ExportProps {
  readonly built: Built;
  readonly words: SequenceWords;
  readonly steps: boolean;
}

export const SequenceExport = ({ built, words, steps }: ExportProps) => {
  const { t } = useTranslation('cluster');
  const { clocks } = built.sequence;
  const [first, last] = [clocks[0] ?? 0, clocks.at(-1) ?? 0];
  const name = `estafet-${new Date(last).toISOString().slice(0, 19).replaceAll(':', '-')}`;
  const saveSvg = (): void => {
    const title = t('sequence.picture', { from: words.time(first), until: words.time(last) });
    save(svgOf(built.sequence, { ...words, title }, steps), 'image/svg+xml', `${name}.svg`);
  };
  return (
    <MenuTrigger>
      <IconButton label={t('sequence.export')} isDisabled={clocks.length === 0}>
        <Download size={18} aria-hidden="true" />
      </IconButton>
      <Menu label={t('sequence.export')}>
        <MenuItem text={t('sequence.saveSvg')} onAction={saveSvg} />
        <MenuItem
          text={t('sequence.saveMermaid')}
          onAction={() => save(mermaidOf(built.sequence, words, steps), 'text/plain', `${name}.mmd`)}
        />
        <MenuItem
          text={t('sequence.saveShiviz')}
          onAction={() => save(shivizOf(built), 'text/plain', `${name}.shiviz.log`)}
        />
      </Menu>
    </MenuTrigger>
  );
};
