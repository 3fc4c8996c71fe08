import type clusterWords from '../cluster/words/en.json';
import type labWords from '../lab/words/en.json';
import type words from './en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof words; cluster: typeof clusterWords; lab: typeof labWords };
  }
}
