import './node-mark.css';
/** A node as it is drawn everywhere: the first letters of its name in a ring, filled when it is one of this page. */
export const NodeMark = ({ name, mine = false }: { readonly name: string; readonly mine?: boolean }) => (
  <span className="node-mark" data-mine={mine || undefined} aria-hidden="true">
    {[...name].slice(0, 2).join('')}
  </span>
);
