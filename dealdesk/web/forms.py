"""What all forms share: one base with the token, and a summary of everything that is wrong."""

from collections.abc import Iterator, Mapping

from flask_wtf import FlaskForm

from dealdesk.kernel.errors import DomainError
from dealdesk.web.page_words import page_sentence, placed_sentence


class Form(FlaskForm):  # type: ignore[misc] # the library has no types
    """A form with the token against forged requests; `said` are sentences about the whole."""

    said: tuple[str, ...] = ()

    def say(self, error: DomainError | str) -> None:
        """Add what an operation said against the form's contents."""
        if isinstance(error, str):
            self.said = (*self.said, error)
        else:
            self.said = (*self.said, *(str(problem) for problem in error.problems))

    def put(self, error: DomainError, fields: Mapping[str, str] | None = None) -> None:
        """Put what an operation said to the fields that it is about, the rest to the whole.

        `fields` names the field for a problem's path where the two are not called the same.
        """
        for problem in error.problems:
            path = problem.place.path
            field = self._fields.get((fields or {}).get(path, path))
            if field is not None:
                names = {path.rpartition(".")[2]: str(field.label.text)}
                field.errors = [*field.errors, page_sentence(problem, names)]
            elif problem.place.file:
                self.said = (*self.said, str(problem))
            else:
                self.said = (*self.said, placed_sentence(problem, {}))

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield each sentence with the id of the field that it is about, "" for the whole form."""
        for sentence in self.said:
            yield "", sentence
        for name, field in self._fields.items():
            for sentence in field.errors:
                yield "" if name == "csrf_token" else field.id, str(sentence)
