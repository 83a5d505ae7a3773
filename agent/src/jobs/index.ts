export { endJob, waitForJob } from './end-job.ts';
export { listJobs, sweepJobs } from './job-folders.ts';
export { readJob, readOutput, type Job, type JobState, type OutputPart } from './read-job.ts';
export { startJob, type JobPlan } from './start-job.ts';
