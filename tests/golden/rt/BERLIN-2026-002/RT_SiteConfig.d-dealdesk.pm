# SLA terms BERLIN-2026-002, revision 1, text SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
# Customer: Müller & Söhne ^GmbH
Set(%ServiceBusinessHours, (
  'BERLIN-2026-002 support' => {
    1 => { Name => 'Monday', Start => '08:00', End => '17:30', Breaks => [ { Start => '12:00', End => '13:00' } ] },
    2 => { Name => 'Tuesday', Start => '08:00', End => '17:30', Breaks => [ { Start => '12:00', End => '13:00' } ] },
    3 => { Name => 'Wednesday', Start => '08:00', End => '17:30', Breaks => [ { Start => '12:00', End => '13:00' } ] },
    4 => { Name => 'Thursday', Start => '08:00', End => '17:30', Breaks => [ { Start => '12:00', End => '13:00' } ] },
    5 => { Name => 'Friday', Start => '08:00', End => '12:00' },
    6 => { Name => 'Saturday', Start => undef, End => undef },
    0 => { Name => 'Sunday', Start => '18:00', End => '24:00' },
    holidays => [ '2026-10-03' ],
  },
  'BERLIN-2026-002 tokyo' => {
    1 => { Name => 'Monday', Start => '09:00', End => '17:00' },
    2 => { Name => 'Tuesday', Start => '09:00', End => '17:00' },
    3 => { Name => 'Wednesday', Start => '09:00', End => '17:00' },
    4 => { Name => 'Thursday', Start => '09:00', End => '17:00' },
    5 => { Name => 'Friday', Start => '09:00', End => '17:00' },
    6 => { Name => 'Saturday', Start => undef, End => undef },
    0 => { Name => 'Sunday', Start => undef, End => undef },
    holidays => [  ],
  },
));
Set(%ServiceAgreements, (Levels => {
  'BERLIN-2026-002/critical' => {
    BusinessHours => 'BERLIN-2026-002 support',
    Timezone => 'Europe/Berlin',
    Response => { BusinessMinutes => 90 },
  },
  'BERLIN-2026-002/normal' => {
    BusinessHours => 'BERLIN-2026-002 support',
    Timezone => 'Europe/Berlin',
    Response => { BusinessMinutes => 1020 },
  },
}));
1;
