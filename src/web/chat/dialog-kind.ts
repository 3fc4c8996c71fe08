/** The dialogs of the chat that open from more than one place. */
export type DialogKind = 'create' | 'browse' | 'switch';
