import { useTranslation } from 'react-i18next';
import { Empty } from '../ui/empty.tsx';
import { Link } from './link.tsx';

/** There is nothing at this address. */
export const MissingPage = () => {
  const { t } = useTranslation();
  return (
    <main className="shell-page">
      <Empty title={t('missing.title')} about={t('missing.about')}>
        <Link className="button button-primary" href="/">
          {t('missing.back')}
        </Link>
      </Empty>
    </main>
  );
};
