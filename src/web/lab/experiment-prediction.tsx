/** What one expects, asked before the run and locked: from then on it can be looked at, not changed. */
import { Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/check.tsx';
import { NumberField } from './experiment-field.tsx';
import { numberIn } from './experiment-form.ts';
import { type ExperimentNumber, percentOf, shareOf } from './experiment-kinds.ts';
import { type Prediction, type Question, type QuestionId, questionsOf } from './experiment-questions.ts';
import { useReportFormats } from './report-formats.ts';
import { answerText, useOption } from './report-prediction.tsx';

export type Answers = Readonly<Partial<Record<QuestionId, string>>>;

/** An answer as it is kept; null when it is none. */
const answerIn = (question: Question, text: string | undefined): number | string | null => {
  if (question.kind === 'choice') return question.options.includes(text ?? '') ? (text ?? null) : null;
  const typed = numberIn(text ?? '');
  const value = question.unit === 'share' ? shareOf(typed) : typed;
  return value >= question.min && value <= question.max ? value : null;
};

/** All answers of an experiment; null while one is missing. */
export const predictionIn = (experiment: ExperimentNumber, answers: Answers): Prediction['answers'] | null => {
  const all: Partial<Record<QuestionId, number | string>> = {};
  for (const question of questionsOf(experiment)) {
    const answer = answerIn(question, answers[question.id]);
    if (answer === null) return null;
    all[question.id] = answer;
  }
  return all;
};

interface PredictionFormProps {
  readonly experiment: ExperimentNumber;
  readonly answers: Answers;
  readonly onChange: (answers: Answers) => void;
  readonly onLock: () => void;
  readonly onSkip: () => void;
  /** Whether the settings can be run as they stand. */
  readonly ready: boolean;
}

const units = { share: '%', ms: 'ms', times: '×', count: undefined } as const;

export const PredictionForm = ({ experiment, answers, onChange, onLock, onSkip, ready }: PredictionFormProps) => {
  const { t } = useTranslation('lab');
  const option = useOption();
  const isWhole = predictionIn(experiment, answers) !== null;
  return (
    <form
      className="prediction"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole && ready) onLock();
      }}
    >
      {questionsOf(experiment).map((question) => {
        const text = answers[question.id];
        const set = (value: string) => onChange({ ...answers, [question.id]: value });
        if (question.kind === 'choice') {
          return (
            <Choice
              key={question.id}
              title={t(`guided.questions.${question.id}`)}
              value={text ?? ''}
              options={question.options.map((value) => ({ value, text: option(question.id, value) }))}
              onChange={set}
            />
          );
        }
        const isWrong = (text ?? '') !== '' && answerIn(question, text) === null;
        const [min, max] = question.unit === 'share' ? [0, 100] : [question.min, question.max];
        return (
          <NumberField
            key={question.id}
            label={t(`guided.questions.${question.id}`)}
            unit={units[question.unit]}
            value={text ?? ''}
            onChange={set}
            error={isWrong ? t('guided.problems.between', { min, max }) : undefined}
          />
        );
      })}
      <div className="prediction-actions">
        <Button type="submit" isDisabled={!isWhole || !ready}>
          <Lock size={16} aria-hidden="true" />
          {t('guided.prediction.lock')}
        </Button>
        <Button look="bare" isDisabled={!ready} onPress={onSkip}>
          {t('guided.prediction.skip')}
        </Button>
      </div>
    </form>
  );
};

export const LockedPrediction = ({
  experiment,
  prediction,
}: {
  readonly experiment: ExperimentNumber;
  readonly prediction: Prediction;
}) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const option = useOption();
  return (
    <dl className="prediction-locked">
      {questionsOf(experiment).map((question) => {
        const answer = prediction.answers[question.id];
        const shown = question.kind === 'number' && question.unit === 'share' ? `${percentOf(Number(answer))} %` : null;
        return (
          <div key={question.id}>
            <dt>{t(`guided.questions.${question.id}`)}</dt>
            <dd>
              <Lock size={13} aria-hidden="true" />
              {answer === undefined ? '–' : (shown ?? answerText(formats, { question }, answer, option))}
            </dd>
          </div>
        );
      })}
    </dl>
  );
};
