export interface ViewProps {
  /** Which of the tab's things is asked for, such as the number of an experiment; null for none. */
  readonly item: string | null;
}
