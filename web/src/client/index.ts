/** The published client of the API, without React: the generated operations with their types, and `followProgress`. */
export * from '../api/index.js'
export { client } from '../api/client.gen.js'
export { createClient, createConfig, type Client, type Config } from '../api/client/index.js'
export type { AnalysisResult } from '../api/feedback.js'
export { bearer } from './bearer.js'
export { FollowError, followProgress, type FollowOptions } from './followProgress.js'
