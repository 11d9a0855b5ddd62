"""A scratch Request Tracker: its own configuration and SQLite file, no server, no mail."""

import json
import os
import shutil
import subprocess
from pathlib import Path

LIBRARY = "/usr/share/request-tracker5/lib"

BULK = """
use lib '/usr/share/request-tracker5/lib';
use JSON;
use RT -init;
my $cases = decode_json(do { local $/; <STDIN> });
my @out;
for my $case (@$cases) {
    my $level = RT->Config->Get('ServiceAgreements')->{Levels}{$case->{level}};
    my $name = $case->{clock};
    my $amount = $level->{$name};
    my $agreement = { %$amount };
    for my $key (qw(BusinessHours Timezone)) {
        $agreement->{$key} = $level->{$key} if defined $level->{$key} && !$amount->{RealMinutes};
    }
    push @out, RT::SLA->CalculateTime(Agreement => $agreement, Time => $case->{at});
}
print encode_json(\\@out);
"""

TICKETS = """
use lib '/usr/share/request-tracker5/lib';
use JSON;
use MIME::Entity;
use RT -init;
my @levels = @ARGV;
my $queue = RT::Queue->new(RT->SystemUser);
$queue->Load('support');
if (!$queue->id) {
    my ($ok, $msg) = $queue->Create(Name => 'support', SLADisabled => 0);
    die $msg unless $ok;
    my $everyone = RT::Group->new(RT->SystemUser);
    $everyone->LoadSystemInternalGroup('Everyone');
    $everyone->PrincipalObj->GrantRight(Right => $_, Object => $queue)
        for qw(SeeQueue CreateTicket ReplyToTicket ShowTicket);
}
my $user = RT::User->new(RT->SystemUser);
$user->LoadOrCreateByEmail('customer@example.com');
my %due;
for my $level (@levels) {
    my $ticket = RT::Ticket->new(RT::CurrentUser->new($user->id));
    my ($id, undef, $msg) = $ticket->Create(
        Queue => $queue->id, Subject => $level, Requestor => $user->EmailAddress, SLA => $level,
        MIMEObj => MIME::Entity->build(Data => ['down']),
    );
    die $msg unless $id;
    my $fresh = RT::Ticket->new(RT->SystemUser);
    $fresh->Load($id);
    $due{$level} = [$fresh->CreatedObj->Unix, $fresh->DueObj->Unix];
}
print encode_json(\\%due);
"""


def missing() -> str:
    """Return why Request Tracker can't be asked here, or nothing."""
    for program in ("rt-setup-database-5", "perl"):
        if shutil.which(program) is None:
            return f"{program} is not installed (request-tracker5, rt5-db-sqlite)"
    return "" if Path(LIBRARY).is_dir() else f"{LIBRARY} is absent (request-tracker5)"


class RequestTracker:
    """One scratch installation in a folder."""

    def __init__(self, folder: Path, exported: str) -> None:
        self.folder = folder
        config = folder / "RT_SiteConfig.pm"
        (folder / "conf.d").mkdir()
        config.write_text(
            "Set($DatabaseType, 'SQLite');\n"
            f"Set($DatabaseName, '{folder}/rtdb');\n"
            "Set($rtname, 'example.test');\nSet($Timezone, 'UTC');\n"
            "Set($MailCommand, 'testfile');\nSet($LogToSyslog, undef);\nSet($LogToSTDERR, 'error');\n"
            + exported,
            "utf-8",
        )
        self.env = os.environ | {
            "RT_SITE_CONFIG": str(config),
            "RT_SITE_CONFIG_DIR": str(folder / "conf.d"),
            "TZ": "UTC",
        }
        self._run(["rt-setup-database-5", "--action", "init", "--skip-create"])

    def _run(self, command: list[str], stdin: str = "") -> str:
        done = subprocess.run(
            command, input=stdin, env=self.env, cwd=self.folder, capture_output=True, text=True,
            check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def due_times(self, cases: list[dict[str, object]]) -> list[int]:
        """Return RT's due time for each case (level, clock, at), all in epoch seconds."""
        script = self.folder / "bulk.pl"
        script.write_text(BULK, "utf-8")
        return json.loads(self._run(["perl", str(script)], json.dumps(cases)))

    def tickets(self, at: str, levels: list[str]) -> dict[str, list[int]]:
        """Create a ticket per level at a faked UTC time; return created and due, by level."""
        script = self.folder / "tickets.pl"
        script.write_text(TICKETS, "utf-8")
        return json.loads(self._run(["faketime", "-f", f"@{at}", "perl", str(script), *levels]))
