export {
  answerProperties,
  answerWords,
  readAnswerFilter,
  type AnswerFilter,
  type FilteredAnswer,
} from './answer-filter.ts';
