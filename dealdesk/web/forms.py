"""What all forms share: one base with the token, and a summary of everything that is wrong."""

from collections.abc import Iterator

from flask_wtf import FlaskForm

from dealdesk.kernel.errors import DomainError


class Form(FlaskForm):  # type: ignore[misc] # the library has no types
    """A form with the token against forged requests; `said` are sentences about the whole."""

    said: tuple[str, ...] = ()

    def say(self, error: DomainError | str) -> None:
        """Add what an operation said against the form's contents."""
        if isinstance(error, str):
            self.said = (*self.said, error)
        else:
            self.said = (*self.said, *(str(problem) for problem in error.problems))

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield each sentence with the id of the field that it is about, "" for the whole form."""
        for sentence in self.said:
            yield "", sentence
        for name, field in self._fields.items():
            for sentence in field.errors:
                yield "" if name == "csrf_token" else field.id, str(sentence)
