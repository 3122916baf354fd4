"""Tables that compare the engine's judgement with people: rated learners and native speakers."""
