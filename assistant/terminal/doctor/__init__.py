"""tuina doctor: checks of the microphone, the speaker, the voice, the ear and the files."""
