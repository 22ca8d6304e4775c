/** What operations mean when they happen one after another. Histories of several threads are judged against it. */
export interface SequentialModel<State, Question> {
  readonly initial: State;
  /** A pure function. Results are compared as 32-bit integers. */
  step(state: State, question: Question): { readonly state: State; readonly result: number };
  /** Equal exactly if the states are. */
  key(state: State): string;
  /** The key of the state that the shared words mean when nothing is in flight. When given, a complete execution must end in a state
   * that the model may be in: the claim `endsWhereTheModelMay`. */
  meaning?(shared: Int32Array): string;
}
