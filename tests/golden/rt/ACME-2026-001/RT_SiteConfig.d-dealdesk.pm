# SLA terms ACME-2026-001, revision 3, text SHA-256 4c1a3f0e5b7d9c2e6f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6
# Customer: Example Industries "O'Hara" Ltd
Set(%ServiceBusinessHours, (
  'ACME-2026-001 support' => {
    1 => { Name => 'Monday', Start => '09:00', End => '18:00' },
    2 => { Name => 'Tuesday', Start => '09:00', End => '18:00' },
    3 => { Name => 'Wednesday', Start => '09:00', End => '18:00' },
    4 => { Name => 'Thursday', Start => '09:00', End => '18:00' },
    5 => { Name => 'Friday', Start => '09:00', End => '18:00' },
    6 => { Name => 'Saturday', Start => undef, End => undef },
    0 => { Name => 'Sunday', Start => undef, End => undef },
    holidays => [ '2026-11-26', '2026-12-25', '2027-01-01', '2027-03-15' ],
  },
));
Set(%ServiceAgreements, (Levels => {
  'ACME-2026-001/sev1' => {
    StartImmediately => 1,
    Response => { RealMinutes => 60 },
    KeepInLoop => { RealMinutes => 120 },
    Resolve => { RealMinutes => 480, IgnoreOnStatuses => [ 'stalled' ], ExcludeTimeOnIgnoredStatuses => 1 },
  },
  'ACME-2026-001/sev2' => {
    BusinessHours => 'ACME-2026-001 support',
    Timezone => 'America/New_York',
    Response => { BusinessMinutes => 240 },
    Resolve => { BusinessMinutes => 2700, IgnoreOnStatuses => [ 'stalled' ], ExcludeTimeOnIgnoredStatuses => 1 },
  },
  'ACME-2026-001/sev3' => {
    BusinessHours => 'ACME-2026-001 support',
    Timezone => 'America/New_York',
    Response => { BusinessMinutes => 540 },
  },
}));
1;
