/** Catches what no component foresaw, and offers the one thing that helps. What was written and not sent is kept. */
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';

const CrashPage = () => {
  const { t } = useTranslation();
  return (
    <main className="start">
      <Empty title={t('crash.title')} about={t('crash.about')}>
        <Button onPress={() => location.reload()}>{t('crash.reload')}</Button>
      </Empty>
    </main>
  );
};

export class CrashGuard extends Component<{ readonly children: ReactNode }, { readonly crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { crashed: boolean } {
    return { crashed: true };
  }

  override render(): ReactNode {
    return this.state.crashed ? <CrashPage /> : this.props.children;
  }
}
